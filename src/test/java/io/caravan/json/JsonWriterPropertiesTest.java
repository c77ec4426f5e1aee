package io.caravan.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** A parser reads back each text that is written. */
class JsonWriterPropertiesTest {
  /**
   * Texts that are long enough to be written in several pieces, with halves of pairs at any place.
   */
  @Provide
  Arbitrary<String> texts() {
    Arbitrary<String> pieces =
        Arbitraries.of(
            "plain ", "x", "\n", "\"", "\\", "\u0000", "\u001f", "é", "日", "😀", "\uD83D",
            "\uDE00");
    Arbitrary<String> runs = Arbitraries.integers().between(1, 2_000).map("r"::repeat);
    return Arbitraries.frequencyOf(Tuple.of(9, pieces), Tuple.of(1, runs))
        .list()
        .ofMaxSize(60)
        .map(parts -> String.join("", parts));
  }

  @Property
  void readsBackAsItWas(@ForAll("texts") String text) {
    JsonWriter json = new JsonWriter(8);
    json.beginObject().name(text).beginArray().value(text).endArray().endObject();

    assertThat(JsonTree.read(json.finish()).toString())
        .isEqualTo(Map.of(Surrogates.repair(text), List.of(Surrogates.repair(text))).toString());
  }

  @Property
  void quotesItsBytesAsItself(@ForAll("texts") String text) {
    RawJson bytes = RawJson.of(text);
    String whole = new String(bytes.buffer(), StandardCharsets.UTF_8);

    assertThat(JsonTree.read(new JsonWriter(8).quoted(bytes).finish())).isEqualTo(whole);
  }
}
