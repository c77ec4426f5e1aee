package io.caravan.observe;

/**
 * Is told of each request once it is over. Every bean of this type in the registry is called, in no
 * particular order; one that throws keeps no other from being called.
 *
 * <p>The call may come on an event loop, so it must not block: hand slow work to another thread.
 */
public interface RequestListener {
  /** Takes the record of a request whose response is complete, refused or abandoned. */
  void ended(RequestRecord request);
}
