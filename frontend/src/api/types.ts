// Short names for the shapes the API answers with.
import type { paths } from './schema'

type Json<Path extends keyof paths> = paths[Path] extends {
  get: { responses: { 200: { content: { 'application/json': infer Body } } } }
}
  ? Body
  : never

export type Timeline = Json<'/api/timeline'>
export type BucketSummary = Timeline['buckets'][number]
export type Bucket = Json<'/api/timeline/{bucket}'>
export type Facets = Json<'/api/facets'>
export type ImageDetail = Json<'/api/images/{image_id}'>
export type ImageFile = ImageDetail['files'][number]
export type Library = Json<'/api/libraries'>[number]
export type Folder = Json<'/api/folders'>[number]
export type ProblemPage = Json<'/api/problems'>
export type Problem = ProblemPage['problems'][number]
