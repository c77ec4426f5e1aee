package io.caravan.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class DialectTest {
  /** Returns the properties that the dialect has under the same name and type. */
  static Stream<RecordComponent> properties() {
    List<String> read = List.of("provider", "efforts", "templateKwargs", "extraBody");
    return Arrays.stream(Dialect.class.getRecordComponents())
        .filter(component -> !read.contains(component.getName()));
  }

  private static Method setter(Object bean, String property) {
    String name = "set" + Character.toUpperCase(property.charAt(0)) + property.substring(1);
    return Arrays.stream(bean.getClass().getMethods())
        .filter(method -> method.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /** Returns a value of the setter's type other than the given one. */
  private static Object other(Class<?> type, Object value) {
    if (type == Boolean.class) {
      return !Boolean.TRUE.equals(value);
    }
    if (type == Integer.class) {
      return 17;
    }
    if (type == String.class) {
      return "another";
    }
    return Arrays.stream(type.getEnumConstants())
        .filter(constant -> constant != value)
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @MethodSource("properties")
  void takesEachPropertyFromTheCardFirst(RecordComponent component) throws Exception {
    Object otherwise = component.getAccessor().invoke(Dialect.of(new Provider(), null));
    ModelCard card = new ModelCard();
    Method setter = setter(card, component.getName());
    Object value = other(setter.getParameterTypes()[0], otherwise);
    setter.invoke(card, value);
    assertThat(component.getAccessor().invoke(Dialect.of(new Provider(), card))).isEqualTo(value);
    assertThat(value).isNotEqualTo(otherwise);
  }

  @Test
  void takesFromTheProviderWhatTheCardDoesNotSay() {
    Provider provider = new Provider();
    provider.setTopK(true);
    provider.setSampling(false);
    ModelCard card = new ModelCard();
    card.setSampling(true);
    Dialect dialect = Dialect.of(provider, card);
    assertThat(dialect.topK()).isTrue();
    assertThat(dialect.sampling()).isTrue();
    assertThat(Dialect.of(provider, null).sampling()).isFalse();
  }

  @Test
  void sendsNoImagesToAModelThatSeesNone() {
    ModelCard card = new ModelCard();
    card.setVision(false);
    assertThat(Dialect.of(new Provider(), card).images()).isEqualTo(Attachments.NONE);
  }

  @ParameterizedTest
  @CsvSource({
    "'low,medium,high', low, low",
    "'low,medium,high', max, high",
    "'low,medium,high', minimal, low",
    "'low,high,max', medium, high",
    "'none,high,max', low, high",
    "'none', high,",
    "'low=high,medium=high,high,xhigh=max,max', medium, high",
    "'low=high,medium=high,high,xhigh=max,max', xhigh, max",
    "'', high,",
    "'low', unheard-of,",
  })
  void findsTheNearestEffort(String efforts, String asked, String sent) {
    ModelCard card = new ModelCard();
    card.setEfforts(efforts);
    assertThat(Dialect.of(new Provider(), card).efforts().of(asked)).isEqualTo(sent);
  }

  @Test
  void knowsTheEffortsOfOpenAiWhereNothingIsSaid() {
    ModelCard card = new ModelCard();
    assertThat(Dialect.of(new Provider(), card).efforts().isEmpty()).isTrue();
    card.setReasoning(ReasoningSwitch.REASONING_EFFORT);
    assertThat(Dialect.of(new Provider(), card).efforts().of("max")).isEqualTo("high");
  }

  @Test
  void readsTemplateKwargsAsJson() {
    ModelCard card = new ModelCard();
    card.setTemplateKwargs("preserve_thinking=true, level = 2, mode=a\"b");
    assertThat(Dialect.of(new Provider(), card).templateKwargs())
        .containsExactly(
            java.util.Map.entry("preserve_thinking", "true"),
            java.util.Map.entry("level", "2"),
            java.util.Map.entry("mode", "\"a\\\"b\""));
  }

  @Test
  void readsTheExtraBody() {
    ModelCard card = new ModelCard();
    card.setExtraBody("{\"provider\":{\"sort\":\"throughput\"}}");
    assertThat(Dialect.of(new Provider(), card).extraBody().get("provider"))
        .hasToString("{\"sort\":\"throughput\"}");
  }

  @Test
  void namesTheSettingThatCannotBeRead() {
    ModelCard card = new ModelCard();
    card.setEfforts("low,huge");
    assertThatThrownBy(() -> Dialect.of(new Provider(), card)).hasMessageContaining("efforts");
    card.setEfforts(null);
    card.setTemplateKwargs("thinking");
    assertThatThrownBy(() -> Dialect.of(new Provider(), card))
        .hasMessageContaining("templateKwargs");
    card.setTemplateKwargs(null);
    card.setExtraBody("[1]");
    assertThatThrownBy(() -> Dialect.of(new Provider(), card)).hasMessageContaining("extraBody");
  }
}
