/** Where this device keeps the posts of a user that wait for their uploads, in `localStorage`. */
export const pendingKey = (userId: string): string => `moblog-pending-posts-${userId}`
