package io.caravan.testkit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Skips the tests of a class where a program is not on the {@code PATH}, and prints that. A program
 * that CI must have fails them there instead.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(ProgramCondition.class)
public @interface NeedsProgram {
  /** The program's name, without its folder. */
  String value();

  /** Returns whether its absence is a failure if the environment has {@code CI=true}. */
  boolean requiredInCi() default false;
}
