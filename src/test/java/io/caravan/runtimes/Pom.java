package io.caravan.runtimes;

import java.io.File;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPathFactory;

/** This project's pom.xml. */
final class Pom {
  private Pom() {}

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
