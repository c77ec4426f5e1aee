package io.caravan;

/** Starts Caravan. */
public final class Caravan {
  private Caravan() {}

  public static void main(String[] args) {}
}
