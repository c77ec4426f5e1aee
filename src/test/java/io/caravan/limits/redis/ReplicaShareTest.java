package io.caravan.limits.redis;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class ReplicaShareTest {
  @Property
  void thePartsAddUpToTheWhole(
      @ForAll @IntRange(max = 500) int places, @ForAll @IntRange(min = 1, max = 20) int replicas) {
    int sum = 0;
    for (int rank = 0; rank < replicas; rank++) {
      sum += new ReplicaShare(rank, replicas).part(places);
    }
    assertThat(sum).isEqualTo(places);
  }
}
