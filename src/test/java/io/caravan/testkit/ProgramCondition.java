package io.caravan.testkit;

import static org.junit.jupiter.api.extension.ConditionEvaluationResult.disabled;
import static org.junit.jupiter.api.extension.ConditionEvaluationResult.enabled;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Decides for {@link NeedsProgram}. */
final class ProgramCondition implements ExecutionCondition {
  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    NeedsProgram needs = context.getRequiredTestClass().getAnnotation(NeedsProgram.class);
    if (context.getTestMethod().isPresent() || needs == null) {
      return enabled("the class has been decided on");
    }
    ConditionEvaluationResult result = evaluate(needs, System.getenv());
    if (result.isDisabled()) {
      // Maven's summary counts what is skipped and gives no reason.
      System.err.printf(
          "SKIPPED %s: %s%n",
          context.getRequiredTestClass().getSimpleName(), result.getReason().orElseThrow());
    }
    return result;
  }

  /**
   * Decides by an environment.
   *
   * @throws IllegalStateException if CI lacks a program that it must have
   */
  static ConditionEvaluationResult evaluate(NeedsProgram needs, Map<String, String> environment) {
    String program = needs.value();
    if (isThere(program, environment.getOrDefault("PATH", ""))) {
      return enabled(program + " is on the PATH");
    }
    if (needs.requiredInCi() && "true".equals(environment.get("CI"))) {
      throw new IllegalStateException(program + " is not on the PATH, and CI must have it");
    }
    return disabled(program + " is not on the PATH");
  }

  private static boolean isThere(String program, String path) {
    return Stream.of(path.split(File.pathSeparator, -1))
        .map(folder -> Path.of(folder, program))
        .anyMatch(file -> Files.isRegularFile(file) && Files.isExecutable(file));
  }
}
