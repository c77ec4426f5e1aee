package io.caravan.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class LongHeapTest {
  @Property(tries = 300)
  void givesItsNumbersFromTheLowestOn(@ForAll List<Long> numbers) {
    LongHeap heap = new LongHeap(1);
    numbers.forEach(heap::add);
    List<Long> taken = new ArrayList<>();
    while (!heap.isEmpty()) {
      taken.add(heap.poll());
    }

    assertThat(taken).isSorted().containsExactlyInAnyOrderElementsOf(numbers);
  }
}
