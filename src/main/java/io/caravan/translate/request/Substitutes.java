package io.caravan.translate.request;

import io.caravan.anthropic.Source;
import io.caravan.json.JsonText;
import java.util.IdentityHashMap;

/**
 * The texts in place of images and documents that the model of a request can't take. Whoever has
 * found one puts it here before the translation; each belongs to one source of the parsed request.
 */
public final class Substitutes {
  /** Nothing stands in place of anything. */
  public static final Substitutes NONE = new Substitutes();

  private final IdentityHashMap<Source, Substitute> found = new IdentityHashMap<>();

  /** A substitute of one image or document. */
  public sealed interface Substitute {
    /**
     * A text, in its mark if it comes from outside.
     *
     * @param loss what the client is told of it
     */
    record Text(String text, Loss loss) implements Substitute {}

    /**
     * The same image as data, for a model that takes no URLs.
     *
     * @param url a {@code data:} URL
     */
    record Data(JsonText url) implements Substitute {}

    /**
     * Nothing: the model reads the reason.
     *
     * @param reason the reason in words that follow "left out: "
     */
    record Missing(String reason) implements Substitute {}
  }

  /** Puts the substitute of a source of the request. */
  public void put(Source source, Substitute substitute) {
    if (this == NONE) {
      throw new IllegalStateException("Nothing is put where nothing stands");
    }
    found.put(source, substitute);
  }

  /** Returns the substitute of a source, or null. */
  public Substitute of(Source source) {
    return found.get(source);
  }
}
