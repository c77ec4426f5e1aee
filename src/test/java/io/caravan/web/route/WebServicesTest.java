package io.caravan.web.route;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;

class WebServicesTest {
  /** A client may ask for the models while the routes are still loaded. */
  @Test
  void findsAServiceThatCameAfterTheFirstQuestion() throws Exception {
    CamelContext context = new DefaultCamelContext();
    try {
      WebServices services = new WebServices();
      services.setCamelContext(context);
      assertThat(services.isSearching()).isFalse();

      SearchService service = new SearchService();
      service.setValue("k-1");
      service.setRoute("direct:search-here");
      context.getRegistry().bind("here", service);
      context.start();

      assertThat(services.getRoute()).isEqualTo("direct:search-here");
    } finally {
      context.stop();
    }
  }
}
