// Addresses of pictures, for elements that fetch by themselves.

export type ThumbnailSize = 256 | 512 | 1024 | 2048

export const thumbnailUrl = (contentId: string, size: ThumbnailSize) =>
  `/api/thumbnails/${encodeURIComponent(contentId)}/${size}`

export const originalUrl = (imageId: string, fileId?: string) =>
  `/api/images/${encodeURIComponent(imageId)}/original${
    fileId ? `?file_id=${encodeURIComponent(fileId)}` : ''
  }`
