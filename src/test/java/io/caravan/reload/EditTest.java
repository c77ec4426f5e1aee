package io.caravan.reload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EditTest {
  private static final String SHARED =
      """
      - beans:
          - name: connections
            type: io.caravan.http.UpstreamHttp
            destroyMethod: close
            properties: {connectTimeoutMillis: "1"}
          - name: counter
            type: io.caravan.tokens.JtokkitTokenCounter
          - name: judges
            type: J
            properties: {counter: "#bean:counter"}
          - name: writeEvents
            type: W
            properties: {maxAnswerSize: "1"}
      """;

  private static final String ROUTE =
      """
      - route:
          id: messages
          from:
            uri: platform-http:/v1/messages
            steps:
              - process: {ref: writeEvents}
      """;

  private static final String OTHER =
      """
      - route:
          id: other
          from:
            uri: direct:other
            steps:
              - log: x
      """;

  private static final String PROVIDER =
      """
      - beans:
          - name: acme
            type: io.caravan.provider.Provider
            properties: {baseUrl: "http://a"}
      - route:
          id: provider-acme
          from:
            uri: direct:provider-acme
            steps:
              - log: x
      """;

  private static final String ERRORS =
      """
      - routeConfiguration:
          id: errors
          onException:
            - onException:
                exception: [java.lang.Throwable]
                steps:
                  - log: x
      """;

  @Test
  void aCommentChangesNothing() {
    Edit edit = edit("routes/messages.camel.yaml", ROUTE, "# Mine.\n" + ROUTE + "# The end.\n");

    assertThat(edit.changesNothing()).isTrue();
    assertThat(edit.texts()).isEmpty();
  }

  @Test
  void aRouteIsMadeAnewWithoutTheBeansOfItsFile() {
    Edit edit =
        edit("routes/providers/acme.camel.yaml", PROVIDER, PROVIDER.replace("log: x", "log: y"));

    assertThat(edit.exchanged()).containsExactly("routes/providers/acme.camel.yaml");
    assertThat(edit.texts().get("routes/providers/acme.camel.yaml"))
        .contains("log: y")
        .doesNotContain("baseUrl");
  }

  @Test
  void aProviderIsMadeAnewWithoutItsRoute() {
    Edit edit =
        edit(
            "routes/providers/acme.camel.yaml", PROVIDER, PROVIDER.replace("http://a", "http://b"));

    assertThat(edit.exchanged()).isEmpty();
    assertThat(edit.texts().get("routes/providers/acme.camel.yaml"))
        .contains("http://b")
        .doesNotContain("route:");
  }

  @Test
  void whoHoldsAnEditedStepIsMadeAnew() {
    Edit edit =
        edit(
            "routes/beans.camel.yaml",
            SHARED,
            SHARED.replace("maxAnswerSize: \"1\"", "maxAnswerSize: \"2\""));

    assertThat(edit.later()).isEmpty();
    assertThat(edit.exchanged()).containsExactly("routes/messages.camel.yaml");
    assertThat(edit.texts().get("routes/beans.camel.yaml"))
        .contains("writeEvents")
        .doesNotContain("connections")
        .doesNotContain("judges");
  }

  @Test
  void aBeanThatHoldsStateIsNotMadeTwice() {
    Edit edit =
        edit(
            "routes/beans.camel.yaml",
            SHARED,
            SHARED.replace("Millis: \"1\"", "Millis: \"2\"").replace("Jtokkit", "Other"));

    assertThat(edit.later()).containsExactly("connections", "counter");
    assertThat(edit.texts()).isEmpty();
    assertThat(edit.changesNothing()).isFalse();
  }

  @Test
  void aConfigurationOfRoutesConcernsThemAll() {
    Edit edit = edit("routes/errors.camel.yaml", ERRORS, ERRORS.replace("log: x", "log: y"));

    assertThat(edit.exchanged())
        .contains(
            "routes/messages.camel.yaml",
            "routes/other.camel.yaml",
            "routes/providers/acme.camel.yaml");
  }

  @Test
  void aRemovedFileTakesItsRoutesWithIt() {
    Map<String, RouteSources.Source> now = new LinkedHashMap<>(files());
    now.remove("routes/providers/acme.camel.yaml");

    Edit edit = Edit.between(new RouteSources(files()), new RouteSources(now));

    assertThat(edit.exchanged()).containsExactly("routes/providers/acme.camel.yaml");
    assertThat(edit.texts()).isEmpty();
    assertThat(edit.changesNothing()).isFalse();
  }

  @Test
  void aRemovedBeanIsAnEdit() {
    String beans = "- beans:\n    - {name: a, type: T}\n    - {name: b, type: T}\n";

    Edit edit =
        edit("routes/more.camel.yaml", beans, beans.replace("    - {name: b, type: T}", ""));

    assertThat(edit.changesNothing()).isFalse();
  }

  private static Edit edit(String path, String before, String after) {
    Map<String, RouteSources.Source> old = new LinkedHashMap<>(files());
    Map<String, RouteSources.Source> now = new LinkedHashMap<>(files());
    old.put(path, new RouteSources.Source("file:/" + path, before));
    now.put(path, new RouteSources.Source("file:/" + path, after));
    return Edit.between(new RouteSources(old), new RouteSources(now));
  }

  private static Map<String, RouteSources.Source> files() {
    Map<String, RouteSources.Source> files = new LinkedHashMap<>();
    add(files, "routes/beans.camel.yaml", SHARED);
    add(files, "routes/errors.camel.yaml", ERRORS);
    add(files, "routes/messages.camel.yaml", ROUTE);
    add(files, "routes/other.camel.yaml", OTHER);
    add(files, "routes/providers/acme.camel.yaml", PROVIDER);
    return files;
  }

  private static void add(Map<String, RouteSources.Source> files, String path, String text) {
    files.put(path, new RouteSources.Source("file:/" + path, text));
  }
}
