package io.caravan.routes;

import java.io.File;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPathFactory;

/** This project's pom.xml. */
final class Pom {
  private Pom() {}

  /** Returns the dependencies beside Camel, as {@code mvn:group:artifact:version}. */
  static List<String> ownDependencies() {
    List<String> found = new ArrayList<>();
    String each = "/project/dependencies/dependency[version and not(scope)]";
    for (int i = 1; !text("(" + each + ")[" + i + "]/groupId").isEmpty(); i++) {
      String group = text("(" + each + ")[" + i + "]/groupId");
      String version = text("(" + each + ")[" + i + "]/version");
      if (version.startsWith("${")) {
        version = text("/project/properties/" + version.substring(2, version.length() - 1));
      }
      found.add(
          "mvn:" + group + ":" + text("(" + each + ")[" + i + "]/artifactId") + ":" + version);
    }
    return found;
  }

  /** The text at an XPath. */
  static String text(String path) {
    try {
      var pom =
          DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new File("pom.xml"));
      return XPathFactory.newInstance().newXPath().evaluate(path, pom);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
