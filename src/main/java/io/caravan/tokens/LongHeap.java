package io.caravan.tokens;

import java.util.Arrays;

/** Numbers of which the lowest comes first: a PriorityQueue without an object for each. */
final class LongHeap {
  private long[] numbers;
  private int size;

  LongHeap(int expectedSize) {
    numbers = new long[Math.max(1, expectedSize)];
  }

  boolean isEmpty() {
    return size == 0;
  }

  void add(long number) {
    if (size == numbers.length) {
      numbers = Arrays.copyOf(numbers, 2 * size);
    }
    int hole = size++;
    while (hole > 0) {
      int parent = (hole - 1) >>> 1;
      if (numbers[parent] <= number) {
        break;
      }
      numbers[hole] = numbers[parent];
      hole = parent;
    }
    numbers[hole] = number;
  }

  /** Takes the lowest away; there must be one. */
  long poll() {
    long lowest = numbers[0];
    long last = numbers[--size];
    int hole = 0;
    for (int child = 1; child < size; child = 2 * hole + 1) {
      if (child + 1 < size && numbers[child + 1] < numbers[child]) {
        child++;
      }
      if (last <= numbers[child]) {
        break;
      }
      numbers[hole] = numbers[child];
      hole = child;
    }
    numbers[hole] = last;
    return lowest;
  }
}
