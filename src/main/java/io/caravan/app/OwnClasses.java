package io.caravan.app;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.apache.camel.CamelContext;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import org.apache.camel.support.LifecycleStrategySupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Adds a user's own classes to the class path of the routes: those in {@code lib/classes/} and in
 * the jars of {@code lib/} of the working directory. They have the power of routes, so the rules of
 * route files apply to them. Caravan's own classes come first, so that none is replaced by chance.
 */
public final class OwnClasses {
  private static final Logger LOG = LoggerFactory.getLogger("io.caravan");
  private static final String JARS = "lib";
  private static final String CLASSES = "classes";

  private OwnClasses() {}

  /**
   * Adds the classes of a directory to an application that has not started; does nothing if there
   * are none.
   *
   * @throws IOException if a file can't be read
   * @throws IllegalStateException if another user may have written a file
   */
  public static void add(Main camel, Path directory) throws IOException {
    List<Path> roots = roots(directory.resolve(JARS));
    if (roots.isEmpty()) {
      return;
    }
    TrustedFiles trusted = TrustedFiles.of(directory);
    List<URL> urls = new ArrayList<>();
    for (Path root : roots) {
      for (Path file : all(root)) {
        trusted.check(file);
      }
      checkJar(root);
      urls.add(root.toUri().toURL());
    }
    camel.addMainListener(new Loading(urls));
  }

  /** Returns the folder of classes, then the jars by name. */
  private static List<Path> roots(Path folder) throws IOException {
    List<Path> roots = new ArrayList<>();
    if (Files.isDirectory(folder.resolve(CLASSES))) {
      roots.add(folder.resolve(CLASSES));
    }
    if (Files.isDirectory(folder)) {
      try (Stream<Path> files = Files.list(folder)) {
        files.filter(file -> file.toString().endsWith(".jar")).sorted().forEach(roots::add);
      }
    }
    return roots;
  }

  /** A class loader passes over what is no jar, and its classes would be missing elsewhere. */
  private static void checkJar(Path file) throws IOException {
    if (Files.isRegularFile(file)) {
      try {
        new ZipFile(file.toFile()).close();
      } catch (ZipException e) {
        // Without the cause: it says less, and a failed start reports its innermost cause.
        throw new IllegalStateException(file + " is no jar, or one that was cut off");
      }
    }
  }

  private static List<Path> all(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root, FileVisitOption.FOLLOW_LINKS)) {
      return files.toList();
    }
  }

  /** Gives each application a class loader of its own, which is closed with it. */
  private static final class Loading extends MainListenerSupport {
    private final List<URL> urls;

    Loading(List<URL> urls) {
      this.urls = urls;
    }

    @Override
    public void beforeConfigure(BaseMainSupport main) {
      CamelContext context = main.getCamelContext();
      URLClassLoader loader =
          new URLClassLoader(JARS, urls.toArray(URL[]::new), OwnClasses.class.getClassLoader());
      context.setApplicationContextClassLoader(loader);
      context.addLifecycleStrategy(new Closing(loader));
      if (Boolean.parseBoolean(context.resolvePropertyPlaceholders("{{caravan.serving:true}}"))) {
        LOG.info("On the class path: {}", urls);
      }
    }
  }

  private static final class Closing extends LifecycleStrategySupport {
    private final URLClassLoader loader;

    Closing(URLClassLoader loader) {
      this.loader = loader;
    }

    @Override
    public void onContextStopped(CamelContext context) {
      try {
        loader.close();
      } catch (IOException e) {
        LOG.warn("The classes of {}/ could not be closed: {}", JARS, e.toString());
      }
    }
  }
}
