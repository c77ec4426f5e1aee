package io.caravan.markup;

import java.util.List;

/**
 * {@code analysis…assistantcommentary to=functions.NAME json{…}} and {@code
 * analysis…assistantfinal…}: gpt-oss behind a server that drops special tokens and parses nothing
 * (Augustas11/macprovider#743). These markers are words, so they are looked for only if the model
 * is a gpt-oss.
 */
final class HarmonyTextMarkup implements MarkupFamily {
  private static final String ANALYSIS = "analysis";
  private static final String CALL = "assistantcommentary to=functions.";
  private static final String CALL_AT_START = "commentary to=functions.";

  @Override
  public String name() {
    return MarkupFamilies.HARMONY_TEXT;
  }

  @Override
  public List<Marker> markers() {
    return List.of(
        Marker.at(Marker.Place.START, this, ANALYSIS),
        Marker.at(Marker.Place.START, this, CALL_AT_START),
        Marker.token(this, CALL),
        Marker.at(Marker.Place.AGAIN, this, "assistantanalysis"),
        Marker.at(Marker.Place.AGAIN, this, "assistantcommentary"),
        Marker.at(Marker.Place.AGAIN, this, "assistantfinal"));
  }

  @Override
  public MarkupParser open(Marker opening, DeclaredTools tools) {
    return switch (opening.text()) {
      case ANALYSIS -> new Glued(opening);
      case CALL, CALL_AT_START -> new HarmonyParser(tools);
      case "assistantanalysis" -> new ChannelParser(opening, Channel.REASONING);
      default -> new ChannelParser(opening, Channel.CONTENT);
    };
  }

  /**
   * Accepts the name of the channel only if text is glued to it: "analysisWe need" is a marker,
   * prose isn't.
   */
  private static final class Glued extends MarkupParser {
    private final int behind;

    Glued(Marker opening) {
      behind = opening.text().length();
    }

    @Override
    int read(CharSequence text, boolean last) {
      if (text.length() == behind) {
        return MORE;
      }
      char next = text.charAt(behind);
      return Character.isUpperCase(next) ? switchTo(behind, Channel.REASONING) : NO;
    }
  }
}
