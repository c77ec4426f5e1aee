package io.caravan.corpus;

import java.lang.reflect.Method;
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
    } catch (AssertionError e) {
      AssertionError named = new AssertionError(message(method, e), e.getCause());
      named.setStackTrace(e.getStackTrace());
      throw named;
    } catch (Exception | StackOverflowError e) {
      throw new AssertionError(message(method, e), e);
    }
  }

  private static String message(ReflectiveInvocationContext<Method> method, Throwable fault) {
    return method.getArguments().stream()
        .filter(Case.class::isInstance)
        .map(each -> ((Case) each).file() + ": " + fault.getMessage())
        .findFirst()
        .orElseThrow();
  }
}
