// A folder is read at a size and in a way that `Images` describes, so `import ImageFolders` brings it.
@_exported import Images
