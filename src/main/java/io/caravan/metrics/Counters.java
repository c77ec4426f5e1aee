package io.caravan.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Counters of one name, kept by the values of their labels: a look-up in the registry would first
 * build and sort the labels.
 */
final class Counters {
  private final Map<List<String>, Counter> counters = new ConcurrentHashMap<>();
  private final String name;
  private final String description;
  private final String[] labels;

  /**
   * @param labels the names of the labels
   */
  Counters(String name, String description, String... labels) {
    this.name = name;
    this.description = description;
    this.labels = labels;
  }

  /** Adds an amount to the counter whose labels have these values. */
  void add(MeterRegistry registry, double amount, String... values) {
    counters.computeIfAbsent(List.of(values), each -> counter(registry, each)).increment(amount);
  }

  /** Adds an amount if it is above 0: without one, there is no counter. */
  void addAny(MeterRegistry registry, long amount, String... values) {
    if (amount > 0) {
      add(registry, (double) amount, values);
    }
  }

  private Counter counter(MeterRegistry registry, List<String> values) {
    Tags tags = Tags.empty();
    for (int i = 0; i < labels.length; i++) {
      tags = tags.and(labels[i], values.get(i));
    }
    return Counter.builder(name).description(description).tags(tags).register(registry);
  }
}
