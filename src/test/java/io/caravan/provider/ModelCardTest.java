package io.caravan.provider;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ModelCardTest {
  private static ModelCard card(Integer window, Integer output) {
    ModelCard card = new ModelCard();
    card.setDisplayName("Model");
    card.setSampling(false);
    card.setContextWindow(window);
    card.setMaxOutput(output);
    return card;
  }

  @Test
  void takesTheUpstreamsWordWhereItHasNone() {
    ModelCard both = card(null, null).and(card(4096, 1024), "m");

    assertThat(both.getContextWindow()).isEqualTo(4096);
    assertThat(both.getMaxOutput()).isEqualTo(1024);
    assertThat(both.getDisplayName()).isEqualTo("Model");
    assertThat(both.getSampling()).isFalse();
  }

  @Test
  void takesTheSmallerOfTwoSizes() {
    assertThat(card(262_144, null).and(card(65_536, null), "m").getContextWindow())
        .isEqualTo(65_536);
    assertThat(card(1000, null).and(card(65_536, null), "m").getContextWindow()).isEqualTo(1000);
  }

  @Test
  void staysItselfWhereTheUpstreamSaysNothingNew() {
    ModelCard card = card(4096, 1024);

    assertThat(card.and(card(null, null), "m")).isSameAs(card);
    assertThat(card.and(card(8192, 2048), "m")).isSameAs(card);
  }
}
