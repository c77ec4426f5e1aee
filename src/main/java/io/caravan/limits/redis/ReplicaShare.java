package io.caravan.limits.redis;

/**
 * A replica's part of the free places while replicas can't ask Redis. All replicas know the same
 * order of themselves, so the parts add up to the whole and no more.
 *
 * @param rank the replica's place in that order, from 0
 * @param of the number of replicas
 */
record ReplicaShare(int rank, int of) {

  /** Returns the replica's part of that many free places. */
  int part(int places) {
    return places / of + (rank < places % of ? 1 : 0);
  }
}
