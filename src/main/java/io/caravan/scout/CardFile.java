package io.caravan.scout;

import io.caravan.provider.ModelCard;
import io.caravan.scout.Result.Verdict;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Writes what was found as model cards, into a provider file that is new. A card takes the place of
 * the one with its name, so it has all that the model's present card has, and what was measured.
 */
final class CardFile {
  /** An id that is safe as a bean's name and value: Camel reads {@code {{x}}} and {@code #x:}. */
  private static final Pattern SAFE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:/@+-]{0,199}");

  private static final String FIRST_TOKEN = "firstTokenMillis";

  private final String provider;
  private final Function<String, ModelCard> present;
  private final Function<String, List<String>> learned;

  /**
   * @param present returns the present card of a model, or null
   * @param learned returns the properties that the model's refusals have shown, as lines of YAML
   */
  CardFile(
      String provider,
      Function<String, ModelCard> present,
      Function<String, List<String>> learned) {
    this.provider = provider;
    this.present = present;
    this.learned = learned;
  }

  /**
   * Writes the cards.
   *
   * @return false if there is nothing to write, and then no file is made
   * @throws java.nio.file.FileAlreadyExistsException if the file is there
   */
  boolean write(Path file, List<Result> results, String when) throws IOException {
    StringBuilder beans = new StringBuilder();
    results.forEach(result -> bean(beans, result));
    if (beans.isEmpty()) {
      return false;
    }
    String head =
        """
        # Models of %s as scout has found them on %s. Each card takes the place of the one with its name: it has that
        # one's properties, and what was measured. Remove the file to have the others back, and an older one of scout's.
        - beans:
        """
            .formatted(provider, when);
    if (file.getParent() != null) {
      Files.createDirectories(file.getParent());
    }
    Files.writeString(file, head + beans, StandardOpenOption.CREATE_NEW);
    return true;
  }

  private void bean(StringBuilder yaml, Result result) {
    if (!SAFE.matcher(result.id()).matches()) {
      return;
    }
    ModelCard card = present.apply(result.id());
    Map<String, String> properties = card == null ? new TreeMap<>() : properties(card);
    if (card != null && card.nameOf(result.id()) != null) {
      // A family's has a place for the rest of the id.
      properties.put("displayName", quoted(card.nameOf(result.id())));
    }
    if (!apply(properties, result)) {
      return;
    }
    yaml.append("    - name: ").append(quoted(provider + "/" + result.id())).append('\n');
    yaml.append("      type: io.caravan.provider.ModelCard\n      properties:\n");
    yaml.append("        provider: ").append(quoted(provider)).append('\n');
    yaml.append("        id: ").append(quoted(result.id())).append('\n');
    properties.forEach(
        (name, value) ->
            yaml.append("        ").append(name).append(": ").append(value).append('\n'));
  }

  /** Puts what was found into the properties, and returns whether that changes anything. */
  private boolean apply(Map<String, String> properties, Result result) {
    boolean works = result.verdict() == Verdict.WORKS;
    boolean noTools = Boolean.FALSE.equals(result.tools());
    boolean forgets = properties.remove(FIRST_TOKEN) != null;
    if (works || result.verdict() == Verdict.UNSTEADY) {
      for (String line : learned.apply(result.id())) {
        int colon = line.indexOf(':');
        properties.put(line.substring(0, colon), line.substring(colon + 1).strip());
      }
      properties.remove("tools");
    }
    if (works) {
      properties.put(FIRST_TOKEN, quoted(String.valueOf(Math.max(1, result.firstTokenMillis()))));
    }
    if (noTools) {
      properties.put("tools", quoted("false"));
    }
    if (result.contextWindow() > 0) {
      properties.put("contextWindow", quoted(String.valueOf(result.contextWindow())));
    }
    return works || noTools || forgets || result.verdict() == Verdict.UNSTEADY;
  }

  /** Returns the properties that a card sets, but for its names, as values of YAML. */
  static Map<String, String> properties(ModelCard card) {
    Map<String, String> properties = new TreeMap<>();
    for (Method getter : ModelCard.class.getMethods()) {
      String name = getter.getName();
      if (!name.startsWith("get") || getter.getParameterCount() > 0) {
        continue;
      }
      String property = name.substring(3, 4).toLowerCase(Locale.ROOT) + name.substring(4);
      if (!hasSetter(name.substring(3), getter.getReturnType())
          || List.of("provider", "id").contains(property)) {
        continue;
      }
      Object value = value(getter, card);
      if (value != null) {
        properties.put(property, quoted(value.toString()));
      }
    }
    return properties;
  }

  private static boolean hasSetter(String name, Class<?> type) {
    try {
      ModelCard.class.getMethod("set" + name, type);
      return true;
    } catch (NoSuchMethodException e) {
      return false;
    }
  }

  private static Object value(Method getter, ModelCard card) {
    try {
      return getter.invoke(card);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException(getter.getName() + " of a card fails", e);
    }
  }

  private static String quoted(String text) {
    StringBuilder out = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < ' ' || c == 0x7F || c == 0x85 || c == 0x2028 || c == 0x2029) {
        out.append(String.format("\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    return out.append('"').toString();
  }
}
