package io.caravan.conformance;

import io.caravan.corpus.CorpusCase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes a provider's file for Caravan in which each case has a model of its own, with the
 * properties of the case. No case thus depends on the settings of a real provider, and quirks
 * learned from one case don't affect the next.
 */
final class CorpusProviders {
  /** The properties of the gateway, not of the model; a case with one is played without HTTP. */
  private static final Set<String> WITHOUT_HTTP =
      Set.of("promptTokens", "estimatedInput", "drops", "maxTokensLimit");

  /** The properties that the request or the upstream's response already shows. */
  private static final Set<String> OF_THE_CALL = Set.of("maxTokens", "retryAfter", "strict");

  /** The suffix of a model's name for a case that is played without streaming; no case has it. */
  static final String WHOLE = ".whole";

  private CorpusProviders() {}

  /** Returns the name of a case's model. */
  static String id(CorpusCase corpusCase) {
    return corpusCase.group() + "-" + corpusCase.name();
  }

  /** Returns the model to request, or null if the case can't be played over HTTP. */
  static String model(CorpusCase corpusCase) {
    if (corpusCase.quirks().keySet().stream().anyMatch(WITHOUT_HTTP::contains)) {
      return null;
    }
    return provider(corpusCase) + "/{case}";
  }

  private static String provider(CorpusCase corpusCase) {
    return "true".equals(corpusCase.quirks().get("strict")) ? "corpus-strict" : "corpus";
  }

  /** Writes the file for a directory in which Caravan will be started. */
  static void write(Path directory, String upstreamUrl, List<CorpusCase> cases) throws IOException {
    StringBuilder yaml = new StringBuilder();
    provider(yaml, "corpus", upstreamUrl, false);
    provider(yaml, "corpus-strict", upstreamUrl, true);
    for (CorpusCase corpusCase : cases) {
      if (!corpusCase.quirks().isEmpty() && model(corpusCase) != null) {
        card(yaml, corpusCase, id(corpusCase));
        card(yaml, corpusCase, id(corpusCase) + WHOLE);
      }
    }
    Path providers = Files.createDirectories(directory.resolve("routes/providers"));
    Files.writeString(providers.resolve("corpus.camel.yaml"), yaml);
  }

  private static void provider(StringBuilder yaml, String name, String url, boolean strict) {
    yaml.append(
        """
        - beans:
            - name: NAME
              type: io.caravan.provider.Provider
              properties:
                name: NAME
                baseUrl: "URL"
                apiKey: "upstream-key"
        - route:
            id: provider-NAME
            from:
              uri: direct:provider-NAME
              steps:
                - to: {uri: "kamelet:caravan-convert-action?strict=STRICT"}
                - to: {uri: "kamelet:caravan-call-action"}
        """
            .replace("NAME", name)
            .replace("URL", url)
            .replace("STRICT", String.valueOf(strict)));
  }

  private static void card(StringBuilder yaml, CorpusCase corpusCase, String id) {
    String provider = provider(corpusCase);
    yaml.append("- beans:\n    - name: ").append(quoted(provider + "/" + id));
    yaml.append("\n      type: io.caravan.provider.ModelCard\n      properties:\n");
    yaml.append("        provider: ").append(provider).append('\n');
    yaml.append("        id: ").append(quoted(id)).append('\n');
    for (Map.Entry<String, String> quirk : corpusCase.quirks().entrySet()) {
      if (!OF_THE_CALL.contains(quirk.getKey())) {
        yaml.append("        ").append(quirk.getKey()).append(": ");
        yaml.append(quoted(quirk.getValue())).append('\n');
      }
    }
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "''") + "'";
  }
}
