package io.caravan.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Tries the first of the inputs that {@code bench/fuzz.sh} tries without end. */
class FuzzTest {
  @Test
  void standsSpoiltRequests() throws Exception {
    stands(new RequestTarget(), 3000);
  }

  @Test
  void standsSpoiltStreams() throws Exception {
    stands(new StreamTarget(), 300);
  }

  private static void stands(Target target, int tries) throws Exception {
    for (int seed = 0; seed < tries; seed++) {
      List<String> faults = target.tryOnce(new Random(seed));
      assertThat(faults).as("seed %d", seed).isEmpty();
    }
  }

  @Test
  void spoilsInManyWaysAndAlikeForTheSameSeed() {
    byte[] sound = "{\"a\":[1,\"two\"],\"b\":{\"c\":null}}".getBytes(StandardCharsets.UTF_8);
    Set<String> spoilt = new HashSet<>();
    for (int seed = 0; seed < 100; seed++) {
      String once = text(new Mutator(new Random(seed)).json(sound));
      assertThat(text(new Mutator(new Random(seed)).json(sound))).isEqualTo(once);
      spoilt.add(once);
    }
    assertThat(spoilt).hasSizeGreaterThan(80);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
