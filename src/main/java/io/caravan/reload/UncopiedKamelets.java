package io.caravan.reload;

import java.lang.reflect.Proxy;
import org.apache.camel.CamelContext;
import org.apache.camel.ManagementStatisticsLevel;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.MainListenerSupport;
import org.apache.camel.spi.ManagementAgent;
import org.apache.camel.spi.ManagementStrategy;

/**
 * Lets Kamelets work on the exchange of their caller. Camel hands a Kamelet a copy, with a unit of
 * work of its own, unless the management agent says that Kamelets' routes are managed as others are
 * ({@code camel.main.jmxManagementRegisterRoutesCreateByKamelet}). A message passes ten Kamelets,
 * and the copies would be a tenth of what it costs. Without JMX there is no agent; the one that
 * stands in says this, and manages nothing.
 */
final class UncopiedKamelets extends MainListenerSupport {
  @Override
  public void afterConfigure(BaseMainSupport main) {
    CamelContext context = main.getCamelContext();
    ManagementStrategy strategy = context.getManagementStrategy();
    if (strategy.getManagementAgent() == null) {
      strategy.setManagementAgent(agent());
    }
  }

  private static ManagementAgent agent() {
    return (ManagementAgent)
        Proxy.newProxyInstance(
            ManagementAgent.class.getClassLoader(),
            new Class<?>[] {ManagementAgent.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "getRegisterRoutesCreateByKamelet" -> true;
                  case "getStatisticsLevel" -> ManagementStatisticsLevel.Off;
                  default -> answer(method.getReturnType());
                });
  }

  private static Object answer(Class<?> type) {
    boolean question = type == boolean.class || type == Boolean.class;
    return question ? false : null;
  }
}
