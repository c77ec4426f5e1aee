package io.caravan.http;

import java.time.Duration;

/**
 * The times that an upstream may take for each part of a response.
 *
 * @param firstByte the time from the request's end to the first byte of the response; hosted NIM
 *     was seen beyond 90 s on long prompts, and Claude Code gives up at 300 s
 * @param byteIdle the time between two bytes of any kind
 * @param payloadIdle the time between two events with a payload: comments alone don't keep a dead
 *     upstream alive
 * @param total the time for the whole response
 */
public record Timeouts(
    Duration firstByte, Duration byteIdle, Duration payloadIdle, Duration total) {}
