"""Event Ruler, the library with which EventBridge matches events, run as a Java program."""
