package io.caravan.http;

import java.time.Duration;

/**
 * How long an upstream may take for each part of an answer.
 *
 * @param firstByte from the request's end to the first byte of the answer; hosted NIM was seen
 *     beyond 90 s on long prompts, and Claude Code gives up at 300 s
 * @param byteIdle between two bytes of any kind
 * @param payloadIdle between two events with a payload: comments alone don't keep a dead upstream
 *     alive
 * @param total for the whole answer
 */
public record Timeouts(
    Duration firstByte, Duration byteIdle, Duration payloadIdle, Duration total) {}
