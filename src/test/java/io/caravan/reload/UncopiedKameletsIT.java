package io.caravan.reload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;

/** Tests that a Kamelet works on the exchange of the route that calls it. */
class UncopiedKameletsIT {
  private final List<Exchange> exchanges = new ArrayList<>();

  @Test
  void aKameletHasTheExchangeOfItsCaller() throws Exception {
    ReloadableMain main = new ReloadableMain();
    main.configure().setJmxEnabled(false);
    main.configure().addRoutesBuilder(routes());
    main.start();
    try {
      Exchange called =
          main.getCamelTemplate()
              .request("direct:caller", exchange -> exchange.getMessage().setBody("Hi"));
      assertThat(called.getException()).isNull();
    } finally {
      main.stop();
    }
    assertThat(exchanges).hasSize(2);
    assertThat(exchanges.get(1)).isSameAs(exchanges.get(0));
  }

  private RouteBuilder routes() {
    return new RouteBuilder() {
      @Override
      public void configure() {
        routeTemplate("step").from("kamelet:source").process(exchanges::add);
        from("direct:caller").process(exchanges::add).to("kamelet:step");
      }
    };
  }
}
