package io.caravan.exchange;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a step (a {@code Processor}) of a stream's split that computes little and waits for nothing
 * but the client: it may run on the event loop that serves all clients. A step without this mark
 * never does.
 */
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface NonBlocking {}
