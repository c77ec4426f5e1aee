package io.caravan.limits;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.PriorityQueue;

/** A clock that the test moves; due tasks run in their order on the thread that moves it. */
public final class ManualTime implements Time, InstantSource {
  private record Task(long at, long number, Runnable action) {}

  private final PriorityQueue<Task> tasks =
      new PriorityQueue<>(Comparator.comparingLong(Task::at).thenComparingLong(Task::number));
  // Close to the overflow of a long, as System.nanoTime() may be: only differences may be used.
  private final long start = Long.MAX_VALUE - Duration.ofSeconds(30).toNanos();
  private Instant wallStart;
  private long elapsed;
  private long count;

  public ManualTime() {
    this(Instant.parse("2026-03-01T10:00:00Z"));
  }

  public ManualTime(Instant wallStart) {
    this.wallStart = wallStart;
  }

  @Override
  public synchronized long nanoTime() {
    return start + elapsed;
  }

  @Override
  public synchronized Instant instant() {
    return wallStart.plusNanos(elapsed);
  }

  /** Sets the wall clock, as an administrator or a time server may; the steady one goes on. */
  public synchronized void setWall(Instant now) {
    wallStart = now.minusNanos(elapsed);
  }

  @Override
  public synchronized Runnable after(long nanos, Runnable action) {
    Task task = new Task(elapsed + Math.max(0, nanos), count++, action);
    tasks.add(task);
    return () -> remove(task);
  }

  private synchronized void remove(Task task) {
    tasks.remove(task);
  }

  /** Returns the time since the start. */
  public synchronized Duration elapsed() {
    return Duration.ofNanos(elapsed);
  }

  /** Returns how many tasks were neither run nor cancelled. */
  public synchronized int planned() {
    return tasks.size();
  }

  public void advance(Duration by) {
    long end = elapsed().toNanos() + by.toNanos();
    for (Task task = due(end); task != null; task = due(end)) {
      task.action().run();
    }
    synchronized (this) {
      elapsed = end;
    }
  }

  private synchronized Task due(long end) {
    Task first = tasks.peek();
    if (first == null || first.at() > end) {
      return null;
    }
    elapsed = Math.max(elapsed, first.at());
    return tasks.poll();
  }
}
