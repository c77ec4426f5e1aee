package io.caravan.models;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.provider.ModelCard;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class ModelRankTest {
  private static ModelRank model(String id, Integer window, Integer firstToken, int preference) {
    ModelCard card = new ModelCard();
    card.setContextWindow(window);
    card.setFirstTokenMillis(firstToken);
    return new ModelRank(id, card, preference);
  }

  @Test
  void toolsComeBeforeTheWindowAndThatBeforeTheFirstToken() {
    List<ModelRank> best =
        List.of(
            model("measured-large-quick", 131_072, 300, 9),
            model("measured-large-slow", 1_000_000, 900, 0),
            model("measured-small-quickest", 32_768, 100, 0),
            model("untried-large-preferred", 262_144, null, 0),
            model("untried-larger", 1_000_000, null, 5),
            model("untried-large", 262_144, null, 5),
            model("untried-unknown", null, null, 5),
            new ModelRank("without-a-card", null, 5));
    for (int seed = 0; seed < 20; seed++) {
      List<ModelRank> shuffled = new ArrayList<>(best);
      Collections.shuffle(shuffled, new java.util.Random(seed));
      shuffled.sort(ModelRank.BEST_FIRST);
      assertThat(shuffled).isEqualTo(best);
    }
  }

  @Test
  void saysWhy() {
    assertThat(model("a", 262_144, 412, 0).reason())
        .isEqualTo("calls tools, window 262144, first token 412 ms");
    assertThat(new ModelRank("a", null, 0).reason())
        .isEqualTo("not tried by scout, window unknown");
  }
}
