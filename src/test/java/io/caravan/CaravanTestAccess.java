package io.caravan;

import io.caravan.app.RouteFiles;
import io.caravan.reload.ReloadableMain;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.camel.main.Main;

/** Opens what is package-private in the main class to the tests of other packages. */
public final class CaravanTestAccess {
  private CaravanTestAccess() {}

  public static void configure(Main main, Path directory) throws IOException {
    Caravan.configure(main, directory);
  }

  /** Makes Caravan with the routes and settings of a directory, as it is served. */
  public static Main reloadable(Path directory) throws IOException {
    ReloadableMain main = new ReloadableMain();
    Caravan.configureReloadable(main, directory);
    return main;
  }

  /** The route files that are loaded from a directory, in their order. */
  public static String routes(Path directory) throws IOException {
    return String.join(",", RouteFiles.under(directory).locations());
  }
}
