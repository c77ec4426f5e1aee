package io.caravan.app;

import io.caravan.limits.client.ClientKeys;
import io.caravan.models.ModelDirectory;
import java.util.List;
import org.apache.camel.Endpoint;
import org.apache.camel.NoSuchBeanException;
import org.apache.camel.component.kamelet.KameletEndpoint;

/** Checks that an application declares the beans that a Kamelet requires. */
final class NeededBeans {
  private static final List<Need> NEEDS =
      List.of(
          new Need("caravan-accept-action", "keys", "caravanClientKeys", ClientKeys.class),
          new Need("caravan-choose-model-action", "models", "caravanModels", ModelDirectory.class));

  private NeededBeans() {}

  private record Need(String kamelet, String parameter, String bean, Class<?> type) {
    boolean isOf(KameletEndpoint endpoint) {
      return endpoint.getTemplateId().equals(kamelet)
          && !endpoint.getKameletProperties().containsKey(parameter)
          && endpoint.getCamelContext().getRegistry().lookupByName(bean) == null;
    }
  }

  /**
   * Checks that the endpoint's required beans are declared.
   *
   * @throws NoSuchBeanException if one is not; the message has its name, its type and the place of
   *     an example
   */
  static void check(Endpoint endpoint) {
    if (endpoint instanceof KameletEndpoint kamelet) {
      NEEDS.stream().filter(need -> need.isOf(kamelet)).forEach(NeededBeans::refuse);
    }
  }

  private static void refuse(Need need) {
    throw new NoSuchBeanException(
        need.bean,
        ("kamelet:%s needs the bean %s of type %s, and this application declares none. Declare it as"
                + " Caravan's routes/beans.camel.yaml does, or name another bean in the parameter %s")
            .formatted(need.kamelet, need.bean, need.type.getName(), need.parameter),
        null);
  }
}
