package io.caravan.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that members are set and removed in a text whose other characters stay. */
class JsonEditsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void addsBehindTheLastMemberInTheTextsOwnForm() throws Exception {
    JsonEdits edits =
        new JsonEdits("{\n\t\"env\" : {\n\t\t\"A\" : \"1\"\n\t},\n\t\"z\" : [1,  2]\n}\n");

    assertThat(edits.set("\"2\"", "env", "B")).isFalse();

    assertThat(edits.text())
        .isEqualTo(
            "{\n\t\"env\" : {\n\t\t\"A\" : \"1\",\n\t\t\"B\" : \"2\"\n\t},\n\t\"z\" : [1,  2]\n}\n");
  }

  @Test
  void makesTheObjectThatIsMissing() throws Exception {
    JsonEdits edits = new JsonEdits("{\n    \"model\": \"opus\"\n}\n");

    assertThat(edits.set("\"1\"", "env", "A")).isTrue();

    assertThat(edits.text())
        .isEqualTo("{\n    \"model\": \"opus\",\n    \"env\": {\n        \"A\": \"1\"\n    }\n}\n");
  }

  @Test
  void writesAnEmptyFileAsAPersonWould() throws Exception {
    JsonEdits edits = new JsonEdits("{}\n");

    edits.set("\"1\"", "env", "A");

    assertThat(edits.text()).isEqualTo("{\n  \"env\": {\n    \"A\": \"1\"\n  }\n}\n");
  }

  @Test
  void keepsACompactTextCompact() throws Exception {
    JsonEdits edits = new JsonEdits("{\"a\":true}");

    edits.set("\"1\"", "env", "A");

    assertThat(edits.text()).startsWith("{\"a\":true,\"env\":{\"A\"").doesNotContain("\n");
  }

  @Test
  void replacesAValueOfAnyKind() throws Exception {
    JsonEdits edits = new JsonEdits("{\"env\":{\"A\":{\"x\":[\"}\"]},\"B\":-1.5e3,\"C\":null}}");

    edits.set("1", "env", "A");
    edits.set("2", "env", "B");
    edits.set("3", "env", "C");

    assertThat(edits.text()).isEqualTo("{\"env\":{\"A\":1,\"B\":2,\"C\":3}}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "{",
        "{\"a\":1,}",
        "{\"a\":1} {}",
        "{\"a\":1,\"a\":2}",
        "{ // a comment\n}",
        "{'a':1}",
        "{\"a\":01}",
        "\uFEFF{}"
      })
  void refusesWhatIsNotOneStrictObject(String text) {
    assertThatThrownBy(() -> new JsonEdits(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void refusesAMemberThatIsNoObject() throws Exception {
    JsonEdits edits = new JsonEdits("{\"env\":[]}");

    assertThatThrownBy(() -> edits.set("1", "env", "A"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("env");
    assertThat(edits.text()).isEqualTo("{\"env\":[]}");
  }

  /**
   * Any text, any place: the edit is what Jackson makes of it, and its undoing is the same text.
   */
  @Test
  void isUndoneToTheSameMeaning() throws Exception {
    for (int seed = 0; seed < 2_000; seed++) {
      Random random = new Random(seed);
      String before = RandomSettings.text(random);
      JsonEdits edits = new JsonEdits(before);
      ObjectNode expected = (ObjectNode) JSON.readTree(before);
      List<String> added = new ArrayList<>();
      for (String name : List.of("ANTHROPIC_BASE_URL", "A", "env", "e-x")) {
        String written = "\"new " + name + "\"";
        if (edits.get("env", name) == null) {
          added.add(name);
        }
        edits.set(written, "env", name);
        ObjectNode env = expected.withObject("/env");
        env.set(name, JSON.readTree(written));
      }
      assertThat(JSON.readTree(edits.text())).as(before).isEqualTo(expected);

      boolean had = JSON.readTree(before).has("env");
      for (String name : added) {
        edits.remove("env", name);
      }
      if (!had) {
        edits.remove("env");
      }
      if (!had || added.size() == 4) {
        assertThat(JSON.readTree(edits.text())).as(before).isEqualTo(JSON.readTree(before));
      }
    }
  }
}
