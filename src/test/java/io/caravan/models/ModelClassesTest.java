package io.caravan.models;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelClassesTest {
  /** Settings as {@code class=model}, and the models of default, fable, opus, sonnet and haiku. */
  @ParameterizedTest
  @CsvSource({
    "'',built built built built built",
    "default=m,m m m m m",
    "opus=o,o o o o o",
    "sonnet=s,s s s s s",
    "haiku=h,h h h h h",
    "fable=f,f f f f f",
    "default=m opus=o,m o o o o",
    "default=m sonnet=s,m m m s s",
    "default=m haiku=h,m m m m h",
    "default=m fable=f,m f m m m",
    "opus=o sonnet=s,o o o s s",
    "opus=o haiku=h,o o o o h",
    "sonnet=s haiku=h,s s s s h",
    "default=m fable=f opus=o sonnet=s haiku=h,m f o s h"
  })
  void givesAClassTheModelOfTheNext(String settings, String expected) {
    ModelClasses classes = new ModelClasses();
    classes.setBuiltIn("built");
    for (String setting : settings.isEmpty() ? new String[0] : settings.split(" ", -1)) {
      classes.set(setting.substring(0, setting.indexOf('=')), setting.replaceFirst(".*=", ""));
    }

    assertThat(String.join(" ", ModelClasses.names().stream().map(classes::chain).toList()))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "claude-fable-5-2,fable",
    "claude-opus-5-5,opus",
    "Claude-3-5-Haiku,haiku",
    "sonnet,sonnet",
    "gpt-5,default"
  })
  void findsTheClassOfAName(String name, String modelClass) {
    assertThat(ModelClasses.of(name)).isEqualTo(modelClass);
  }

  @Test
  void namesTheSettingsAndOnlyTheirModels() {
    ModelClasses classes = new ModelClasses();
    classes.setBuiltIn("nim/built");
    classes.set("opus", "nim/a, nim/b");
    classes.set("haiku", " ");

    assertThat(classes.chains()).containsOnly(java.util.Map.entry("MODEL_OPUS", "nim/a, nim/b"));
    assertThat(classes.models()).containsExactly("nim/a", "nim/b");
  }
}
