import NotFound from '@/app/not-found';

/** An incident's, not the queue's: the same words for what does not exist and for what is somebody else's. */
export default function IncidentNotFound() {
  return <NotFound />;
}
