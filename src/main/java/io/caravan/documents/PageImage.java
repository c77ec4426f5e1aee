package io.caravan.documents;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import javax.imageio.ImageIO;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.rendering.ImageType;
import org.apache.pdfbox.rendering.PDFRenderer;

/** The image of a page that has no text: a scan, or a drawing. */
final class PageImage {
  /** The pixels of the longer edge: vision models scale larger images down. */
  private static final float LONG_EDGE = 1_568;

  private PageImage() {}

  /** Returns a page as JPEG, or null if it can't be drawn. */
  static byte[] of(PDDocument document, int index) {
    try {
      PDRectangle size = document.getPage(index).getCropBox();
      float scale = LONG_EDGE / Math.max(1, Math.max(size.getWidth(), size.getHeight()));
      PDFRenderer renderer = new PDFRenderer(document);
      renderer.setSubsamplingAllowed(true);
      BufferedImage image = renderer.renderImage(index, scale, ImageType.RGB);
      ByteArrayOutputStream out = new ByteArrayOutputStream(256 * 1024);
      return ImageIO.write(image, "jpeg", out) ? out.toByteArray() : null;
    } catch (IOException | RuntimeException | LinkageError e) {
      return null;
    }
  }
}
