package io.caravan.reload;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.engine.DefaultClassResolver;

/**
 * Reads resources from the runnable jar itself. Camel looks for some hundred service files while it
 * starts, most of which do not exist, and a class loader looks for each in all modules of Java
 * before the jar, several times.
 */
final class JarClassResolver extends DefaultClassResolver {
  /** The folder of Camel's service files, of which Java's own modules have none. */
  private static final String SERVICES = "META-INF/services/org/apache/camel/";

  private static final String CAMEL = "org/apache/camel/impl/DefaultCamelContext.class";

  /** The runnable jar; null if the class path is another one. */
  private static final ZipFile JAR = open(System.getProperty("java.class.path"));

  JarClassResolver(CamelContext context) {
    super(context);
  }

  /** Opens a class path that is one jar with Camel in it; returns null for any other. */
  private static ZipFile open(String path) {
    if (!path.endsWith(".jar") || !Files.isRegularFile(Path.of(path))) {
      return null;
    }
    try {
      ZipFile jar = new ZipFile(path);
      if (jar.getEntry(CAMEL) != null) {
        return jar;
      }
      jar.close();
      return null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public InputStream loadResourceAsStream(String uri) {
    ZipEntry entry = JAR == null ? null : JAR.getEntry(uri);
    if (entry != null) {
      try {
        return JAR.getInputStream(entry);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    boolean absent = JAR != null && uri.startsWith(SERVICES) && !hasOwnClasses();
    return absent ? null : super.loadResourceAsStream(uri);
  }

  private boolean hasOwnClasses() {
    ClassLoader loader = getApplicationContextClassLoader();
    return loader != null && loader != JarClassResolver.class.getClassLoader();
  }
}
