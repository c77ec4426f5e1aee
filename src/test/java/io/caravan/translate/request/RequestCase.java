package io.caravan.translate.request;

import io.caravan.corpus.Case;
import io.caravan.corpus.CorpusFiles;
import io.caravan.provider.Dialect;
import io.caravan.provider.ModelCard;
import io.caravan.provider.Provider;
import io.caravan.provider.learned.DroppedFields;
import io.caravan.translate.reasoning.ReasoningMemory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A case of the corpus's group {@code request}: a client's request, and the upstream's request or
 * the error. Its {@code quirks} are properties of the model card, or one of {@code strict}, {@code
 * promptTokens}, {@code drops} and {@code maxTokensLimit}.
 */
record RequestCase(Path file, Map<String, String> head, Map<String, String> sections)
    implements Case {
  static List<RequestCase> all() {
    return CorpusFiles.of("request").stream().map(RequestCase::read).toList();
  }

  private static RequestCase read(Path file) {
    Map<String, String> head = new LinkedHashMap<>();
    Map<String, String> sections = new LinkedHashMap<>();
    String section = null;
    try {
      for (String line : Files.readAllLines(file)) {
        if (line.startsWith("--- ")) {
          section = line.substring(4).trim();
          sections.put(section, "");
        } else if (section != null) {
          sections.merge(section, line + "\n", String::concat);
        } else if (line.startsWith("# ")) {
          String[] parts = line.substring(2).split(": ", 2);
          head.merge(parts[0], parts[1], (a, b) -> a + " " + b);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new RequestCase(file, head, sections);
  }

  private Map<String, String> quirks() {
    Map<String, String> quirks = new LinkedHashMap<>();
    for (String quirk : head.getOrDefault("quirks", "").split("\\s+", -1)) {
      if (!quirk.isEmpty()) {
        String[] pair = quirk.split("=", 2);
        quirks.put(pair[0], pair[1]);
      }
    }
    return quirks;
  }

  Dialect dialect() {
    Provider provider = new Provider();
    provider.setName("test");
    ModelCard card = new ModelCard();
    List<String> others = List.of("strict", "promptTokens", "drops", "maxTokensLimit");
    quirks()
        .forEach(
            (quirk, value) -> {
              if (!others.contains(quirk)) {
                set(card, quirk, value);
              }
            });
    return Dialect.of(provider, card);
  }

  TranslationOptions options() {
    Map<String, String> quirks = quirks();
    long promptTokens = Long.parseLong(quirks.getOrDefault("promptTokens", "0"));
    boolean strict = Boolean.parseBoolean(quirks.get("strict"));
    return new TranslationOptions(promptTokens, strict, ReasoningMemory.NONE);
  }

  DroppedFields learned() {
    List<String> drops = Arrays.asList(quirks().getOrDefault("drops", "").split(",", -1));
    String limit = quirks().get("maxTokensLimit");
    return new DroppedFields() {
      @Override
      public boolean drops(String topLevelField) {
        return drops.contains(topLevelField);
      }

      @Override
      public Integer maxTokensLimit() {
        return limit == null ? null : Integer.valueOf(limit);
      }
    };
  }

  private static void set(ModelCard card, String property, String value) {
    String name = "set" + Character.toUpperCase(property.charAt(0)) + property.substring(1);
    try {
      for (Method method : ModelCard.class.getMethods()) {
        if (method.getName().equals(name)) {
          method.invoke(card, converted(value, method.getParameterTypes()[0]));
          return;
        }
      }
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalArgumentException(property, e);
    }
    throw new IllegalArgumentException("there is no quirk " + property);
  }

  private static Object converted(String value, Class<?> type) {
    if (type == Boolean.class) {
      return Boolean.valueOf(value);
    }
    if (type == Integer.class) {
      return Integer.valueOf(value);
    }
    if (type == String.class) {
      return value;
    }
    return Arrays.stream(type.getEnumConstants())
        .filter(constant -> constant.toString().equals(value))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(value));
  }

  /** Returns the failure's expected status and type, or null. */
  String error() {
    return sections.keySet().stream()
        .filter(section -> section.startsWith("error "))
        .findFirst()
        .orElse(null);
  }

  @Override
  public String toString() {
    return id();
  }
}
