package io.caravan.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Checks that docs/providers.md lists every property that can be set, and no other. */
class ProvidersDocumentTest {
  private static final Pattern ROW = Pattern.compile("(?m)^\\| `([a-z]\\w*)` \\| (.*) \\|$");

  private static List<Method> setters() {
    List<Method> setters = new ArrayList<>();
    for (Class<?> type : List.of(Provider.class, ModelCard.class)) {
      for (Method method : type.getMethods()) {
        if (method.getName().startsWith("set") && method.getParameterCount() == 1) {
          setters.add(method);
        }
      }
    }
    return setters;
  }

  private static String property(Method setter) {
    String name = setter.getName().substring(3);
    return name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1);
  }

  @Test
  void namesEveryPropertyAndNoOther() throws IOException {
    Set<String> documented = new TreeSet<>();
    Matcher row = ROW.matcher(document());
    while (row.find()) {
      documented.add(row.group(1));
    }
    Set<String> properties = new TreeSet<>();
    setters().forEach(setter -> properties.add(property(setter)));

    assertThat(documented).isEqualTo(properties);
  }

  /** The sentence of docs/fidelity.md about images by URL. */
  @Test
  void namesTheProvidersThatTakeNoUrlOfAnImage() throws IOException {
    String document = Files.readString(Path.of("docs/fidelity.md"));
    String sentence = document.split("- Images by URL", 2)[1].split("\n- ", 2)[0];
    Set<String> named = new TreeSet<>();
    Pattern.compile("`([a-z]+)`").matcher(sentence).results().forEach(n -> named.add(n.group(1)));
    Set<String> limited = new TreeSet<>();
    try (Stream<Path> files = Files.list(Path.of("routes/providers"))) {
      for (Path file : (Iterable<Path>) files::iterator) {
        // A provider's own property comes before those of its models.
        String provider = Files.readString(file).split("type: io.caravan.provider.ModelCard", 2)[0];
        if (provider.matches("(?s).*\n        images: \"(DATA|NONE)\".*")) {
          limited.add(file.getFileName().toString().replace(".camel.yaml", ""));
        }
      }
    }

    assertThat(limited).isNotEmpty();
    assertThat(named).isEqualTo(limited);
  }

  @Test
  void namesEveryValueThatAPropertyTakes() throws IOException {
    String document = document();
    for (Method setter : setters()) {
      Class<?> type = setter.getParameterTypes()[0];
      if (type.isEnum()) {
        Matcher row =
            Pattern.compile("(?m)^\\| `" + property(setter) + "` \\| (.*) \\|$").matcher(document);
        assertThat(row.find()).isTrue();
        for (Object value : type.getEnumConstants()) {
          assertThat(row.group(1)).contains("`" + value + "`");
        }
      }
    }
  }

  private static String document() throws IOException {
    return Files.readString(Path.of("docs/providers.md"));
  }
}
