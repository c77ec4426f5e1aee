package io.caravan.corpus;

import java.lang.reflect.Method;
import java.util.List;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.opentest4j.TestAbortedException;

/** Puts the file of the case in front of what has failed. */
final class FailureNamesCase implements InvocationInterceptor {
  @Override
  public void interceptTestTemplateMethod(
      Invocation<Void> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext context)
      throws Throwable {
    try {
      invocation.proceed();
    } catch (TestAbortedException e) {
      throw e;
    } catch (Exception | AssertionError | StackOverflowError e) {
      throw named(method.getArguments(), e);
    }
  }

  private static AssertionError named(List<Object> arguments, Throwable fault) {
    String file =
        arguments.stream()
            .filter(Case.class::isInstance)
            .map(each -> ((Case) each).file().toString())
            .findFirst()
            .orElseThrow();
    return new AssertionError(file + ": " + fault.getMessage(), fault);
  }
}
