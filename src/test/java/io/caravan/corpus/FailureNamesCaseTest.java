package io.caravan.corpus;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.InvocationInterceptor.Invocation;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.opentest4j.TestAbortedException;

class FailureNamesCaseTest {
  private record File(Path file) implements Case {}

  private static final File CASE = new File(CorpusFiles.file("stream", "some-case"));

  private static void run(Invocation<Void> test) throws Throwable {
    new FailureNamesCase().interceptTestTemplateMethod(test, new Called(List.of(CASE)), null);
  }

  @Test
  void aFailureBeginsWithTheFile() {
    AssertionError failure = new AssertionError("expected this");

    assertThatThrownBy(
            () ->
                run(
                    () -> {
                      throw failure;
                    }))
        .isInstanceOf(AssertionError.class)
        .hasMessage("src/test/resources/corpus/stream/some-case.case: expected this")
        .extracting(Throwable::getStackTrace)
        .isEqualTo(failure.getStackTrace());
  }

  @Test
  void anExceptionIsAFailureWithTheFile() {
    assertThatThrownBy(
            () ->
                run(
                    () -> {
                      throw new IllegalStateException("broken");
                    }))
        .hasMessage("src/test/resources/corpus/stream/some-case.case: broken")
        .hasCauseInstanceOf(IllegalStateException.class);
  }

  @Test
  void aSkippedTestIsNoFailure() {
    assertThatThrownBy(
            () ->
                run(
                    () -> {
                      throw new TestAbortedException("not here");
                    }))
        .isInstanceOf(TestAbortedException.class);
    assertThatCode(() -> run(() -> null)).doesNotThrowAnyException();
  }

  private record Called(List<Object> arguments) implements ReflectiveInvocationContext<Method> {
    @Override
    public Class<?> getTargetClass() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Method getExecutable() {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<Object> getArguments() {
      return arguments;
    }

    @Override
    public Optional<Object> getTarget() {
      return Optional.empty();
    }
  }
}
