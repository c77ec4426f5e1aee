package io.caravan.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Marks tests that take minutes: {@code .ci/full} runs them, and {@code -Dcaravan.slow=true}. */
@Documented
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@EnabledIfSystemProperty(
    named = "caravan.slow",
    matches = "true",
    disabledReason = "it takes minutes: .ci/full runs it")
public @interface Slow {}
