package io.caravan.app;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.VetoCamelContextStartException;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.ToDefinition;

/** A Kamelet that a step names and no file has: Camel says neither which step nor which file. */
final class MissingKamelet {
  private static final Pattern NOT_FOUND =
      Pattern.compile("Resource not found: (.*)/([^/]+)\\.kamelet\\.yaml");

  private MissingKamelet() {}

  /** The line that says so, or null where that is not the fault. */
  static String in(List<Throwable> causes) {
    CamelContext context = null;
    for (Throwable cause : causes) {
      if (cause instanceof VetoCamelContextStartException veto) {
        context = veto.getContext();
      }
      Matcher missing = NOT_FOUND.matcher(String.valueOf(cause.getMessage()));
      if (context != null && missing.matches()) {
        return step(context, missing.group(2))
            + "there is no Kamelet "
            + missing.group(2)
            + " in "
            + missing.group(1);
      }
    }
    return null;
  }

  private static String step(CamelContext context, String kamelet) {
    for (RouteDefinition route : ((ModelCamelContext) context).getRouteDefinitions()) {
      for (ToDefinition step :
          ProcessorDefinitionHelper.filterTypeInOutputs(route.getOutputs(), ToDefinition.class)) {
        if (String.valueOf(step.getUri())
            .matches("kamelet:" + Pattern.quote(kamelet) + "([/?].*)?")) {
          return place(step);
        }
      }
    }
    return "";
  }

  private static String place(ProcessorDefinition<?> step) {
    String file = String.valueOf(step.getLocation()).replaceFirst("^(file|classpath):", "");
    return file + ": line " + step.getLineNumber() + ", step " + step.getId() + ": ";
  }
}
