package io.caravan.observe;

import java.util.function.Supplier;

/**
 * Is told of each request when it begins and once it is over. Every bean of this type in the
 * registry is called, in no particular order; one that throws keeps no other from being called.
 *
 * <p>The calls may come on an event loop, so they must not block: hand slow work to another thread.
 */
public interface RequestListener {
  /**
   * Takes a request that was accepted.
   *
   * @param id the request's id, {@code req_…}, which its record has at its end as well
   * @param soFar returns what is known of it at that moment; to be called from any thread
   */
  default void began(String id, Supplier<RequestRecord> soFar) {}

  /** Takes the record of a request whose response is complete, refused or abandoned. */
  void ended(RequestRecord request);
}
