/**
 * Virtual threads that continue on an event loop. A lone token would otherwise wake three threads:
 * the JDK's poller, the virtual thread that reads the stream, and the event loop that writes to the
 * client.
 *
 * <p>An upstream's connection is a channel of the event loop that serves the client ({@link
 * io.caravan.http.loop.LoopSockets}). The virtual thread that waits for the next part of a stream
 * is continued right there ({@link io.caravan.http.loop.LoopThreads}), and whatever else it waits
 * for is continued by the JDK's own scheduler. It needs Java 24 or later; elsewhere nothing of this
 * happens.
 */
package io.caravan.http.loop;
