package io.caravan.translate.request;

import io.caravan.anthropic.AnthropicException;
import io.caravan.anthropic.Block;
import io.caravan.anthropic.Source;
import io.caravan.json.JsonText;
import io.caravan.provider.Attachments;
import io.caravan.provider.Dialect;
import io.caravan.translate.request.Substitutes.Substitute;
import io.caravan.translate.request.UpstreamMessage.Part;
import java.util.ArrayList;
import java.util.List;

/**
 * Converts images and documents to parts of a user message. One that the model can't read becomes a
 * line of text that names it. Only in the newest user message it is an error, because a client
 * replays its history with every request and would get the same error for ever.
 */
final class Media {
  private static final String PDF = "PDF documents";

  private final Dialect dialect;
  private final String model;
  private final Substitutes substitutes;
  private final Losses losses;

  Media(Dialect dialect, String model, Substitutes substitutes, Losses losses) {
    this.dialect = dialect;
    this.model = model;
    this.substitutes = substitutes;
    this.losses = losses;
  }

  /**
   * Converts an image.
   *
   * @param place its path in the request if it must not be replaced, else null
   */
  Part image(Block.Image image, String place) {
    Source source = image.source();
    JsonText address = address(source, dialect.images());
    if (address != null) {
      return new Part.Image(address);
    }
    if (substitutes.of(source) instanceof Substitute.Data data) {
      return new Part.Image(data.url());
    }
    return replaced(Loss.IMAGE, "images", label("Image", null, source), source, place);
  }

  /** Converts a document. Text becomes text, anything else a file. */
  List<Part> document(Block.Document document, String place) {
    Source source = document.source();
    if (source.kind() == Source.Kind.TEXT && substitutes.of(source) == null) {
      return List.of(new Part.Text(head(document) + source.data() + "\n</document>"));
    }
    if (source.kind() == Source.Kind.CONTENT) {
      return content(document, place);
    }
    JsonText address = address(source, dialect.documents());
    if (address != null) {
      String name = document.title() == null ? "document.pdf" : document.title();
      return List.of(new Part.File(name, address));
    }
    String label = label("Document", document.title(), source);
    return List.of(replaced(Loss.DOCUMENT, documents(source), label, source, place));
  }

  private List<Part> content(Block.Document document, String place) {
    List<Part> parts = new ArrayList<>();
    StringBuilder text = new StringBuilder(head(document));
    for (Block block : document.source().content()) {
      if (block instanceof Block.Text piece) {
        text.append(piece.text()).append('\n');
      } else if (block instanceof Block.Image image) {
        parts.add(new Part.Text(text.toString().stripTrailing()));
        text.setLength(0);
        parts.add(image(image, place));
      }
    }
    parts.add(new Part.Text(text.append("</document>").toString()));
    return parts;
  }

  /** Returns a passage that the client found as text. */
  static String searchResult(Block.SearchResult result) {
    StringBuilder text = new StringBuilder("<search_result source=\"");
    text.append(attribute(result.source())).append('"');
    if (result.title() != null) {
      text.append(" title=\"").append(attribute(result.title())).append('"');
    }
    text.append(">\n");
    for (Block block : result.content()) {
      if (block instanceof Block.Text piece) {
        text.append(piece.text()).append('\n');
      }
    }
    return text.append("</search_result>").toString();
  }

  private static String head(Block.Document document) {
    StringBuilder head = new StringBuilder("<document");
    if (document.title() != null) {
      head.append(" title=\"").append(attribute(document.title())).append('"');
    }
    head.append(">\n");
    if (document.context() != null && !document.context().isBlank()) {
      head.append(document.context()).append("\n\n");
    }
    return head.toString();
  }

  private static String attribute(String text) {
    return text.replace("&", "&amp;").replace("\"", "&quot;").replace("<", "&lt;");
  }

  private static JsonText address(Source source, Attachments taken) {
    if (taken == Attachments.NONE) {
      return null;
    }
    if (source.kind() == Source.Kind.BASE64) {
      return source.data().after("data:" + source.mediaType() + ";base64,");
    }
    boolean url = source.kind() == Source.Kind.URL;
    boolean data = url && source.url().startsWith("data:");
    return url && (data || taken == Attachments.URL) ? JsonText.of(source.url()) : null;
  }

  private Part replaced(Loss loss, String what, String label, Source source, String place) {
    Substitute substitute = substitutes.of(source);
    if (substitute instanceof Substitute.Text text) {
      losses.add(text.loss());
      return new Part.Text(text.text());
    }
    boolean missing = substitute instanceof Substitute.Missing;
    String reason = missing ? ((Substitute.Missing) substitute).reason() : reason(what, source);
    if (place != null && !missing) {
      throw AnthropicException.invalid(place + ": " + refusal(loss, what, source, reason));
    }
    losses.add(loss);
    return new Part.Text("[" + label + " left out: " + reason + "]");
  }

  /**
   * Returns the words on which Claude Code leaves the attachment out and goes on by itself: {@code
   * does not support PDF input}, {@code Could not process image}, {@code Could not process PDF}
   * (seen with 2.1.332). After any other words it repeats the request until its turn fails.
   */
  private String refusal(Loss loss, String what, Source source, String reason) {
    if (loss == Loss.IMAGE) {
      return "Could not process image: " + reason;
    }
    if (!what.equals(PDF)) {
      return reason;
    }
    return switch (source.kind()) {
      case FILE -> "Could not process PDF: " + reason;
      case URL -> model + " does not support PDF input by URL";
      default -> model + " does not support PDF input";
    };
  }

  private String reason(String what, Source source) {
    return switch (source.kind()) {
      case FILE -> "files of Anthropic's Files API can't be read here";
      case URL -> model + " does not take " + what + " by URL";
      default -> model + " does not take " + what;
    };
  }

  private static String documents(Source source) {
    boolean other = source.mediaType() != null && !source.mediaType().equals("application/pdf");
    return other ? source.mediaType() + " documents" : PDF;
  }

  private static String label(String kind, String title, Source source) {
    String name = title == null ? kind : kind + " \"" + title + "\"";
    String type = source.mediaType();
    String detail =
        switch (source.kind()) {
          case URL -> source.url();
          case FILE -> source.fileId();
          default -> type;
        };
    return detail == null ? name : name + " (" + detail + ")";
  }
}
