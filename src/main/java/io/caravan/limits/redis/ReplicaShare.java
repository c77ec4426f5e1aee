package io.caravan.limits.redis;

/**
 * A replica's part of what is free when replicas can't ask Redis. All know in which order they
 * stand, so the parts add up to the whole and no more.
 *
 * @param rank the replica's place among them, from 0
 * @param of how many they are
 */
record ReplicaShare(int rank, int of) {

  /** The part of so many free places. */
  int part(int places) {
    return places / of + (rank < places % of ? 1 : 0);
  }
}
