// What the machine asks the page for, for the linker alone: page/machine.js gives it.
mergeInto(LibraryManager.library, {
  page_number: () => 0, // of a text, as JavaScript reads it
});
