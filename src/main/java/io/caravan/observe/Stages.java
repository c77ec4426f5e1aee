package io.caravan.observe;

import io.caravan.observe.RequestRecord.Stage;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.Objects;
import java.util.RandomAccess;

/**
 * The stages that a request has passed: three objects for all of them, and no thirty. The last
 * thousands of requests are kept, and a collector would copy each object of theirs.
 */
public final class Stages extends AbstractList<Stage> implements RandomAccess {
  private static final int START = 0;
  private static final int NANOS = 1;
  private static final int TIMES = 2;

  private final String[] names;
  private final long[] times;
  private final int size;

  private Stages(String[] names, long[] times, int size) {
    this.names = names;
    this.times = times;
    this.size = size;
  }

  @Override
  public Stage get(int index) {
    Objects.checkIndex(index, size);
    int at = TIMES * index;
    return new Stage(names[index], times[at + START], times[at + NANOS]);
  }

  @Override
  public int size() {
    return size;
  }

  /** Stages as they are passed. Not safe for use by several threads. */
  public static final class Passed {
    private static final int USUAL = 32;

    private final int most;
    private String[] names = new String[USUAL];
    private long[] times = new long[TIMES * USUAL];
    private int size;

    /**
     * @param most the number of stages after which no more are kept
     */
    public Passed(int most) {
      this.most = most;
    }

    /**
     * Adds a stage.
     *
     * @param startNanos the nanoseconds from the request's acceptance to the stage
     * @param nanos its nanoseconds
     */
    public void add(String name, long startNanos, long nanos) {
      if (size == most) {
        return;
      }
      if (size == names.length) {
        names = Arrays.copyOf(names, 2 * size);
        times = Arrays.copyOf(times, TIMES * 2 * size);
      }
      names[size] = name;
      times[TIMES * size + START] = startNanos;
      times[TIMES * size + NANOS] = nanos;
      size++;
    }

    /** Returns the stages so far, which later ones don't change: those come behind them. */
    public Stages soFar() {
      return new Stages(names, times, size);
    }
  }
}
